import { setTimeout as wait } from 'node:timers/promises'

const askEveryMs = 100

/** Asks again until there is an answer; for what tells nobody that it has happened. Throws the last reason at the end. */
export const eventually = async <Answer>(
  ask: () => Promise<Answer>,
  { withinMs = 15_000, everyMs = askEveryMs } = {},
): Promise<Answer> => {
  const until = Date.now() + withinMs
  for (;;) {
    try {
      return await ask()
    } catch (reason) {
      if (Date.now() > until) throw reason
      await wait(everyMs)
    }
  }
}
