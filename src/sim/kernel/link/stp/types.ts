/** What bridges and their ports know of the spanning tree. net/bridge/br_private.h. Due moments: null where nothing runs. */

/** Times in milliseconds as the root said them; ids as text (`8000.0242ac110002`). */
export interface SpanningTree {
  id: string
  root: string
  rootCost: number
  /** Number of the port towards the root; 0: it is the root. */
  rootPort: number
  maxAgeMs: number
  helloTimeMs: number
  forwardDelayMs: number
  /** As set by hand; a change of the topology shortens what counts. */
  ageingTimeMs: number
  topologyChange: boolean
  topologyChangeDetected: boolean
  helloDueUs: number | null
  tcnDueUs: number | null
  topologyChangeDueUs: number | null
}

/** The best that was heard, or said, on the wire behind a port. */
export interface PortTree {
  root: string
  cost: number
  bridge: string
  port: number
  /** When the root said it. */
  saidUs: number
  topologyChangeAck: boolean
  configPending: boolean
  messageAgeDueUs: number | null
  forwardDelayDueUs: number | null
  holdDueUs: number | null
}

export function newSpanningTree(id: string): SpanningTree {
  return {
    id,
    root: id,
    rootCost: 0,
    rootPort: 0,
    maxAgeMs: 20_000,
    helloTimeMs: 2_000,
    forwardDelayMs: 15_000,
    ageingTimeMs: 300_000,
    topologyChange: false,
    topologyChangeDetected: false,
    helloDueUs: null,
    tcnDueUs: null,
    topologyChangeDueUs: null,
  }
}

export function newPortTree(): PortTree {
  return {
    root: '',
    cost: 0,
    bridge: '',
    port: 0,
    saidUs: 0,
    topologyChangeAck: false,
    configPending: false,
    messageAgeDueUs: null,
    forwardDelayDueUs: null,
    holdDueUs: null,
  }
}
