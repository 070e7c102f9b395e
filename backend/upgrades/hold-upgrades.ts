import type { Upgrade } from '../store/port.ts'
import { isLoose, list, object, words } from './shape.ts'
import { endings } from './words-of-before.ts'

/** Releases by the API once had the site's own word for who spoke with the person in the place of the key. */
const released: Upgrade = (stored) => {
  if (!isLoose(stored) || !isLoose(stored['call_back'])) return stored
  const { by, how, call_back: call } = stored
  const isSitesWord = how === 'api' && call['by'] !== by
  const claimed = call['claimed_agent'] ?? (isSitesWord ? call['by'] : null)
  return { ...stored, call_back: { ...call, by: isSitesWord ? by : call['by'], claimed_agent: claimed } }
}

export const userHoldsUpgrades: readonly Upgrade[] = [
  object({
    renamed: { stalls: 'abandonments' },
    added: { stops: [] },
    inside: {
      holds: list(
        object({
          // From before holds could wait for a person: they end by time.
          added: { needs_release: false },
          inside: {
            reason: endings,
            released: (stored) =>
              object({ inside: { how: words({ clean_check: 'reverification' }) } })(released(stored)),
          },
        }),
      ),
    },
  }),
]
