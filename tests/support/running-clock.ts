/**
 * A clock that goes on by itself from `start`, and can be set forward beside that. For tests whose browser has a clock of its own:
 * beside one that stands, a slow machine lets the browser name a moment that the server takes for the future.
 */
export const runningClock = (start: number): { now: number } => {
  let ahead = start - Date.now()
  return {
    get now() {
      return Date.now() + ahead
    },
    set now(moment: number) {
      ahead = moment - Date.now()
    },
  }
}
