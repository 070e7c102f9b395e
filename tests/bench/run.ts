import { allRows } from './all-rows.ts'
import { bench } from './bench.ts'

/**
 * npm run bench: how much our backend costs beside the least that the same libraries could do, in one run on one machine.
 * Ratios are the result; the absolute figures belong to the machine, which is why nothing here passes or fails by time.
 *
 * `-- ROW` measures the rows whose name has these words. `--json` prints one JSON object; npm's own banner goes with
 * `npm run -s bench`. `--full` adds what takes minutes and gigabytes of temporary space. `--profile` adds where the
 * server's time goes during ingest and verify.
 */
process.exitCode = await bench(process.argv.slice(2), allRows, {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
})
