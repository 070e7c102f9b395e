import type { Language } from '../texts.ts'
import { code } from './grammar.ts'
import * as loader from './loader.ts'
import { mail } from './mail.ts'
import { screens } from './screens.ts'

export const en: Language = { code, direction: 'ltr', name: 'English', screens, mail, loader }
