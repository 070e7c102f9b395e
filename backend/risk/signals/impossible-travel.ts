import { minuteMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { kilometresBetween } from '../location.ts'
import { severityBetween } from './severity.ts'
import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

/**
 * Addresses are placed wrong by whole provinces, and stored positions are rounded. Up to this distance nobody has
 * travelled.
 */
const leastKm = 200
/** An airliner cruises at about this. */
const airlinerKmPerHour = 900
/** At four times an airliner nobody is left to doubt the clocks. */
const certainFactor = 4

/**
 * Two places too far apart for an aeroplane in the time between: two people, or a proxy. A known proxy does not silence it,
 * or hiding the address would score less than showing it; the family's cap keeps the two from counting twice. Only
 * coordinates are compared: a country or a city has no distance. A late event is compared too.
 */
export const impossibleTravel: Signal = {
  code: 'IMPOSSIBLE_TRAVEL',
  family: 'network',
  defaultWeight: 13,
  source: 'site',
  reads: ['place.lat', 'place.lon', 'profile.last_position', 'occurred_at'],
  unit: 'kilometres an hour since the last allowed action, from 200 km on',
  unknownMeans: 'the event brings no coordinates, or no allowed action of this person did so yet',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    const { 'place.lat': lat, 'place.lon': lon, 'profile.last_position': last } = facts
    if (lat === null) return unknown('place.lat')
    if (lon === null) return unknown('place.lon')
    if (last === null) return unknown('profile.last_position')
    const km = kilometresBetween(last, { lat, lon })
    if (km <= leastKm) return quiet
    const minutes = Math.abs(facts.occurred_at - last.at) / minuteMs
    const severity = severityBetween(
      (km * 60) / minutes,
      airlinerKmPerHour,
      airlinerKmPerHour * certainFactor,
    )
    return severity === 0
      ? quiet
      : raised(
          severity,
          `${Math.round(km)} km lie between this place and the last one, and ${counted(Math.floor(minutes), 'minute')}.`,
        )
  },
}
