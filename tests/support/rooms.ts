/**
 * The picture of the backend: each room (a folder, or a file beside the folders) and the rooms that it imports, types
 * included. Everybody may import the contract, which imports nothing of ours and is not shown. A room imports only what
 * stands above it, so none reaches itself. Whoever changes a room reads what it names and nothing else.
 */
const picture = `
  store
  world
  metrics
  measure
  random
  secret-rings
  secrets           random secret-rings
  sealing           random secrets store
  upgrades          store

  audit             store
  intake
  list              audit intake store world
  hold              store upgrades
  risk              audit store upgrades
  org               audit list risk secrets store upgrades world
  policy            audit list org risk store upgrades world
  session           audit hold org risk store upgrades
  incident          store upgrades
  analytics         measure org policy risk session store upgrades world
  outbox            metrics session store upgrades world

  collections       analytics audit hold incident list org outbox policy risk sealing session store
  config            org secret-rings
  log               config
  processes         config log
  deps              analytics collections config metrics outbox risk secrets session world

  repositories      audit deps hold intake list org policy risk secrets session store
  transitions       audit deps hold intake org repositories risk session upgrades
  evaluation        deps hold intake org policy repositories risk secrets session transitions
  checkpoint/       audit deps evaluation hold incident intake org policy repositories risk secrets session
                    store transitions
  checkpoint        checkpoint/ org repositories transitions
  effects           audit checkpoint deps org outbox repositories risk session
  http              analytics audit checkpoint config deps hold incident intake list log metrics org policy
                    repositories risk secrets session store
  admin

  replay            analytics checkpoint collections config deps effects intake log measure metrics org outbox
                    risk sealing secrets session store

  app               deps http
  demo              deps org
  background-work   checkpoint deps effects list org outbox
  cli               analytics audit checkpoint collections config deps intake list log metrics org policy replay risk
                    sealing secret-rings secrets session store
  analytics-thread  analytics collections risk sealing secret-rings secrets store
  serve             analytics app background-work collections config demo deps http log metrics org outbox
                    processes random risk sealing secret-rings secrets store
  start             config log processes serve store
`

/** In the order of the picture. A line that is indented further continues the row before it. */
export const rooms: readonly { room: string; imports: readonly string[] }[] = picture
  .replaceAll(/\n {3,}/g, ' ')
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
  .filter(([room]) => room !== '')
  .map(([room = '', ...imports]) => ({ room, imports }))

const folders = new Set(['checkpoint'])

/** The room of a file of the backend; null for every other path. */
export const roomOf = (path: string): string | null => {
  const [, room, inside] = /^backend\/([\w-]+)(?:\.ts$|(\/))/.exec(path) ?? []
  if (room === undefined) return null
  return inside === '/' && folders.has(room) ? `${room}/` : room
}
