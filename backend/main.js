/** The backend, as `npm run backend` starts it: `start.ts`, on a Node that can run it. */
import './needs-node.js'

await import('./start.ts')
