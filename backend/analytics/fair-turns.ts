/**
 * Few slots for the work of several owners. Each owner has few pieces running and few waiting, and a free slot goes to the
 * owner who was served longest ago. So whoever asks for much waits behind their own work.
 */
export type FairTurns = {
  /** Runs `work` when its turn comes; null at once if its owner has enough waiting, or the line is full. */
  take: <Answer>(owner: string, work: () => Promise<Answer>) => Promise<Answer> | null
}

type Waiting = { owner: string; start: () => void }

/** `ofOwner`: how many pieces of one owner run at once; by default one. */
export type TurnLimits = { slots: number; ofOwner?: number; inLineOfOwner: number; inLine: number }

export const fairTurns = ({ slots, ofOwner = 1, inLineOfOwner, inLine }: TurnLimits): FairTurns => {
  /** The owner of each piece that runs. */
  const underWay: string[] = []
  /** In the order of asking. */
  const line: Waiting[] = []

  const isFull = (owner: string): boolean => underWay.filter((one) => one === owner).length >= ofOwner
  const startNext = (): void => {
    while (underWay.length < slots) {
      const at = line.findIndex(({ owner }) => !isFull(owner))
      const [next] = at === -1 ? [] : line.splice(at, 1)
      if (next === undefined) return
      underWay.push(next.owner)
      next.start()
    }
  }

  return {
    take: (owner, work) => {
      const ownInLine = line.filter((waiting) => waiting.owner === owner).length
      if (ownInLine >= inLineOfOwner || line.length >= inLine) return null
      const turn = Promise.withResolvers<void>()
      line.push({ owner, start: turn.resolve })
      const answer = turn.promise.then(work).finally(() => {
        underWay.splice(underWay.indexOf(owner), 1)
        // They were served last: what else they have in line goes behind everybody else's.
        line.sort((a, b) => Number(a.owner === owner) - Number(b.owner === owner))
        startNext()
      })
      startNext()
      return answer
    },
  }
}
