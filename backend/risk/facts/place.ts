import * as z from 'zod/mini'
import { foldCity } from '../location.ts'
import { count, factGroup, ms, orNull } from './fact-group.ts'

export const placeFacts = factGroup(
  {
    'place.country': orNull(z.string()),
    'place.city': orNull(z.string()),
    'place.lat': orNull(z.number()),
    'place.lon': orNull(z.number()),
    /** Coarse coordinates and time of the person's latest learned event. */
    'profile.last_position': orNull(z.strictObject({ lat: z.number(), lon: z.number(), at: ms })),
    'place.country_known': z.boolean(),
    'place.city_known': z.boolean(),
    'profile.places': orNull(count),
  },
  ({ event: { location: place }, profile }) => {
    const city = foldCity(place.city)
    const inCountry = profile.places.filter(({ country }) => country === place.country)
    return {
      'place.country': place.country,
      'place.city': place.city,
      'place.lat': place.lat,
      'place.lon': place.lon,
      'profile.last_position': profile.last_position,
      'place.country_known': inCountry.length > 0,
      'place.city_known': inCountry.some((known) => known.city === city),
      'profile.places': profile.places.length || null,
    }
  },
)
