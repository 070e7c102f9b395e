import { type ActionFamily, actionFamily, type SignalCode, type SignalFamily } from '#contract/outcome'
import type { FactName, Facts } from '../facts/all-facts.ts'
import type { Limits } from '../policy.ts'

/**
 * What a signal found. *Unknown* adds nothing to a score, and the site is told. `severity` is a share of the signal's
 * weight, above 0 and at most 1. `detail` is a sentence for an analyst with the values that were read.
 *
 * An `unverified` finding rests on the word of somebody who may be wrong or lying: it adds at most `at_most` points at any
 * weight, and never changes an outcome by itself.
 */
export type Finding =
  | { state: 'unknown'; missing: readonly FactName[] }
  | { state: 'quiet' }
  | { state: 'raised'; severity: number; detail: string; unverified?: Unverified }

export type Unverified = { at_most: number }

/**
 * Whose word a signal rests on, the least trusted if several: the policy, our own memory of earlier events, the site's
 * backend, or the browser, which the person in front of it can make say anything.
 */
export type SignalSource = 'policy' | 'memory' | 'site' | 'client'

/** One signal: data about itself, and a pure function. */
export type Signal = {
  code: SignalCode
  family: SignalFamily
  /** Points of its full severity in the policy that comes with the engine. */
  defaultWeight: number
  /**
   * The signal from which it takes points back instead of adding any: never more than that one raised, and none beside a
   * signal of a scam.
   */
  relieves?: SignalCode
  source: SignalSource
  /** Every fact that `evaluate` looks at. */
  reads: readonly FactName[]
  /** What the value is measured in, for the documentation. */
  unit: string
  /** What an analyst should make of an unknown. */
  unknownMeans: string
  /** Families of actions that it is evaluated for. For others it is quiet, and their missing facts are not listed. */
  appliesTo: readonly ActionFamily[]
  evaluate: (facts: Facts, limits: Limits) => Finding
}

export const everyFamily = actionFamily.options

/** The findings, made. */
export const quiet: Finding = { state: 'quiet' }
export const unknown = (...missing: FactName[]): Finding => ({ state: 'unknown', missing })
export const raised = (severity: number, detail: string): Finding => ({ state: 'raised', severity, detail })
export const unverified = (severity: number, atMost: number, detail: string): Finding => ({
  state: 'raised',
  severity,
  detail,
  unverified: { at_most: atMost },
})
