import { startDesk } from './app/start.ts'
import { views } from './views.ts'

/** The analysts' page. */
startDesk(views)
