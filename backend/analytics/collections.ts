import { defineCollection, withLines } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { backtestUpgrades } from '../upgrades/backtest-upgrades.ts'
import {
  backtestDocument,
  backtestLine,
  backtestLineOf,
  isUnfinished,
  sentDraftDocument,
} from './backtest-document.ts'

export const analyticsCollections = {
  backtests: withLines(
    defineCollection(
      'backtests',
      backtestDocument,
      [
        { name: 'created', scope: 'org', values: (backtest) => [backtest.environment, backtest.created_at] },
        {
          name: 'due',
          scope: 'global',
          values: (backtest) => [isUnfinished(backtest) ? backtest.lease_until : null],
        },
      ],
      backtestUpgrades,
    ),
    backtestLine,
    backtestLineOf,
  ),
  sentDrafts: defineCollection('sent_drafts', sentDraftDocument),
} as const
export type AnalyticsStore = { collections: Opened<typeof analyticsCollections> }
