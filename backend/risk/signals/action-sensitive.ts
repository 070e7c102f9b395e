import { everyFamily, quiet, raised, type Signal } from './signal.ts'

/** The action by itself, before anything is known about the person. The policy sets its severity. */
export const actionSensitive: Signal = {
  code: 'ACTION_SENSITIVE',
  family: 'policy',
  defaultWeight: 62,
  source: 'policy',
  reads: ['action.name', 'action.mapped', 'action.family', 'action.sensitivity', 'action.base'],
  unit: 'share of the weight, by family and sensitivity',
  unknownMeans: 'cannot be unknown',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    const base = facts['action.base']
    if (base === 0) return quiet
    const { 'action.name': name, 'action.family': family, 'action.sensitivity': sensitivity } = facts
    return raised(
      base,
      facts['action.mapped']
        ? `To the policy, ${name} (${family}) is an action of ${sensitivity} sensitivity.`
        : `The policy doesn't know ${name}; it is scored as ${family} of ${sensitivity} sensitivity.`,
    )
  },
}
