import { startDesk } from '../../../backend/admin/page/app/start.ts'
import { views } from '../../../backend/admin/page/views.ts'
import { notes } from './notes.ts'

startDesk([...views, notes])
