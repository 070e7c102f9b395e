/** A city as people compare it: `Sevilla`, `SEVILLA ` and `Ｓevilla` are one. */
export const foldCity = (city: string | null): string | null =>
  city?.normalize('NFKC').trim().toLowerCase() || null
