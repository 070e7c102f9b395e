import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * Prometheus metrics. Labels are closed sets only (routes of our own table, outcomes, codes): a user, a session, a key
 * or a path from outside as a label would leak it to whoever may read metrics and grow the memory without bound.
 */
export type Metrics = ReturnType<typeof createMetrics>

/** Seconds; fine around the promised 10 ms and 50 ms of an ingest. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** A registry of its own for each app, so that two apps in one process (tests, benches) don't add up. */
export const createMetrics = () => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'ase_workers', help: 'Processes that serve this instance.', registers }).set(1)
  return {
    registry,
    /** The text exposition. Where several workers serve one instance, that of all of them. */
    read: (): Promise<string> => registry.metrics(),
    /** `status_class`: `2xx`, `4xx`, …; `route`: the path of the route table, or `unmatched`. */
    httpDuration: new Histogram({
      name: 'ase_http_request_duration_seconds',
      help: 'How long requests took, by route and class of status.',
      labelNames: ['method', 'route', 'status_class'],
      buckets: durationBuckets,
      registers,
    }),
    ingestOutcomes: new Counter({
      name: 'ase_ingest_outcomes_total',
      help: 'Ingested events by outcome.',
      labelNames: ['outcome', 'environment'],
      registers,
    }),
    observedOutcomes: new Counter({
      name: 'ase_observed_outcomes_total',
      help: 'Events for which nothing is enforced, by the outcome that they would have had. All were allowed.',
      labelNames: ['outcome', 'environment'],
      registers,
    }),
    codeChecks: new Counter({
      name: 'ase_code_checks_total',
      help: 'Judged mailbox codes by result.',
      labelNames: ['result'],
      registers,
    }),
    /** `answer`: `valid`, or the code of a refusal. */
    verifyAnswers: new Counter({
      name: 'ase_verify_answers_total',
      help: 'Answers of decision verification.',
      labelNames: ['answer'],
      registers,
    }),
    sessionResolutions: new Counter({
      name: 'ase_session_resolutions_total',
      help: 'How sessions ended.',
      labelNames: ['resolution'],
      registers,
    }),
    outboxLag: new Gauge({
      name: 'ase_outbox_lag_seconds',
      help: 'Age of the oldest outbox row that is due and not yet handed over.',
      labelNames: ['lane'],
      // All workers read the same rows.
      aggregator: 'max',
      registers,
    }),
  }
}
