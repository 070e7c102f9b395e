/** The operator's commands, as `npm run ase` starts them: `cli/run.ts`, on a Node that can run it. */
import './needs-node.js'

await import('./cli/run.ts')
