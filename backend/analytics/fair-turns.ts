/**
 * Few slots for the work of several owners. Each owner has one piece running and few waiting, and a free slot goes to the
 * owner who was served longest ago. So whoever asks for much waits behind their own work.
 */
export type FairTurns = {
  /** Runs `work` when its turn comes; null at once if its owner has enough waiting, or the line is full. */
  take: <Answer>(owner: string, work: () => Promise<Answer>) => Promise<Answer> | null
}

type Waiting = { owner: string; start: () => void }

export const fairTurns = (limits: { slots: number; inLineOfOwner: number; inLine: number }): FairTurns => {
  const underWay = new Set<string>()
  /** In the order of asking. */
  const line: Waiting[] = []

  const startNext = (): void => {
    while (underWay.size < limits.slots) {
      const at = line.findIndex(({ owner }) => !underWay.has(owner))
      const [next] = at === -1 ? [] : line.splice(at, 1)
      if (next === undefined) return
      underWay.add(next.owner)
      next.start()
    }
  }

  return {
    take: (owner, work) => {
      const ownInLine = line.filter((waiting) => waiting.owner === owner).length
      if (ownInLine >= limits.inLineOfOwner || line.length >= limits.inLine) return null
      const turn = Promise.withResolvers<void>()
      line.push({ owner, start: turn.resolve })
      const answer = turn.promise.then(work).finally(() => {
        underWay.delete(owner)
        // They were served last: what else they have in line goes behind everybody else's.
        line.sort((a, b) => Number(a.owner === owner) - Number(b.owner === owner))
        startNext()
      })
      startNext()
      return answer
    },
  }
}
