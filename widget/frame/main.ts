import { Checkpoint } from './checkpoint.ts'
import { readPageBoot } from './page-boot.ts'

const framed = window.parent !== window
if (framed) document.documentElement.dataset['framed'] = ''

const boot = readPageBoot()
const main = document.getElementById('screen')
if (boot && main) new Checkpoint(boot, main, framed).start()
