/** The backend, as `npm run backend` starts it: `serve.ts`, on a Node that can run it. */
import './needs-node.js'

await import('./serve.ts')
