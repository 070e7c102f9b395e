/** Which populations may be looked at when. */

/** To develop against: look at them as often as you like. */
export const developmentSeeds = [1, 2, 3] as const

/** Of the populations of other assumptions, which take longer: some twenty minutes a seed. */
export const strangerSeeds = [31] as const

/**
 * For the report alone. Nobody who changes the score looks at these before the change is done; whoever did so has to reserve others
 * and say so.
 */
export const reservedSeeds: readonly number[] = [201, 202, 203]

type SeedsAnswer = { ok: true; seeds: readonly number[] } | { ok: false; reason: string }

/** The seeds that a command line asks for. */
export const seedsFor = (named: readonly string[], isReport: boolean): SeedsAnswer => {
  const seeds = named.map(Number)
  const wrong = named.find((_, nth) => !Number.isSafeInteger(seeds[nth]) || (seeds[nth] ?? 0) < 1)
  if (wrong !== undefined) return { ok: false, reason: `${wrong} is no seed: name whole numbers from 1 on.` }
  const reserved = seeds.filter((seed) => reservedSeeds.includes(seed))
  if (reserved.length > 0 && !isReport)
    return {
      ok: false,
      reason: `Seeds ${reserved.join(', ')} are reserved for the report: nothing may be tuned on them. --report measures them.`,
    }
  if (seeds.length > 0) return { ok: true, seeds }
  return { ok: true, seeds: isReport ? reservedSeeds : developmentSeeds }
}
