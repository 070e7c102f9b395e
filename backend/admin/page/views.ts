import type { View } from './app/view.ts'
import { backtest } from './views/backtest.ts'
import { backtests } from './views/backtests.ts'
import { effectiveness } from './views/effectiveness.ts'
import { enforcement } from './views/enforcement.ts'
import { incident } from './views/incident.ts'
import { incidents } from './views/incidents.ts'
import { lists } from './views/lists.ts'
import { policies } from './views/policies.ts'
import { policy } from './views/policy.ts'
import { reports } from './views/reports.ts'
import { session } from './views/session.ts'
import { sessions } from './views/sessions.ts'
import { trail } from './views/trail.ts'

/** Every view of the desk. The rooms among them stand in the header in this order, and have its numbers for keys. */
export const views: readonly View[] = [
  sessions,
  session,
  incidents,
  incident,
  reports,
  policies,
  policy,
  lists,
  effectiveness,
  backtests,
  backtest,
  trail,
  enforcement,
]
