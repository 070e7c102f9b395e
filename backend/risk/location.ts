import { foldText } from './fold-text.ts'

/** A city as people compare it: `Sevilla`, `SEVILLA ` and `Ｓevilla` are one. */
export const foldCity = (city: string | null): string | null => (city && foldText(city)) || null

/** Degrees. */
export type Coordinates = { lat: number; lon: number }

const stepsPerDegree = 10

/** To a tenth of a degree, at most 8 km off: enough to tell towns apart, and no record of where somebody lives. */
export const coarse = ({ lat, lon }: Coordinates): Coordinates => ({
  lat: coarseDegrees(lat),
  lon: coarseDegrees(lon),
})

// Adding 0 makes -0 a plain 0, which is what a stored document gives back.
const coarseDegrees = (degrees: number): number => Math.round(degrees * stepsPerDegree) / stepsPerDegree + 0

/** The earth's mean radius (IUGG). */
const earthRadiusKm = 6371
const toRadians = (degrees: number): number => (degrees * Math.PI) / 180

/** Kilometres along the great circle (haversine formula). */
export function kilometresBetween(a: Coordinates, b: Coordinates): number {
  const sinLat = Math.sin(toRadians(b.lat - a.lat) / 2)
  const sinLon = Math.sin(toRadians(b.lon - a.lon) / 2)
  const h = sinLat ** 2 + Math.cos(toRadians(a.lat)) * Math.cos(toRadians(b.lat)) * sinLon ** 2
  // Rounding may carry the share a hair above 1 for antipodes.
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(Math.min(1, h)))
}
