import type { Connector } from './connector.ts'
import { generic } from './generic.ts'

/** Every way in. */
export const connectors: readonly Connector[] = [generic]
