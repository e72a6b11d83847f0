/**
 * Checks: a closed set of predicates on the state and the reachability of the world; no code in lessons. Evaluated on
 * a copy of the world (`evaluate.ts`), so that looking changes nothing.
 */
import type { CommandLine } from './lesson.ts'

export type Check =
  | { readonly kind: 'all' | 'any'; readonly checks: readonly Check[] }
  | { readonly kind: 'not'; readonly check: Check }
  /** A packet gets there and its answer back: ping, or a TCP connection where `port` is given. */
  | {
      readonly kind: 'reachable'
      readonly from: string
      readonly to: string
      /** Text while it holds a variable. */
      readonly port: number | string | null
      readonly protocol: 'icmp' | 'tcp' | 'udp'
    }
  /** `name` resolves inside `from` (to `address`, where given). */
  | {
      readonly kind: 'resolves'
      readonly from: string
      readonly name: string
      readonly address: string | null
    }
  | {
      readonly kind: 'container'
      readonly name: string | null
      readonly image: string | null
      readonly state: string | null
      readonly network: string | null
      readonly count: number | null
    }
  | {
      readonly kind: 'network'
      readonly name: string
      readonly exists: boolean
      readonly driver: string | null
      readonly subnet: string | null
    }
  | {
      readonly kind: 'link'
      readonly in: string
      readonly name: string
      readonly exists: boolean
      readonly up: boolean | null
      readonly master: string | null
      readonly type: string | null
    }
  | {
      readonly kind: 'route'
      readonly in: string
      readonly destination: string
      readonly via: string | null
      readonly exists: boolean
    }
  | {
      readonly kind: 'rule'
      readonly in: string
      readonly table: string
      readonly chain: string
      readonly matches: string
      readonly exists: boolean
    }
  /** A packet was seen: text of a tcpdump filter, at a device, since the step began. */
  | { readonly kind: 'traced'; readonly in: string; readonly device: string | null; readonly filter: string }
  | { readonly kind: 'file'; readonly in: string; readonly path: string; readonly matches: string }
  /** A command run on the copy prints something that matches. */
  | {
      readonly kind: 'output'
      readonly command: CommandLine
      readonly matches: string | null
      readonly status: number | null
    }
  /** The learner ran a command that matches (for hints and for "look at" goals). */
  | { readonly kind: 'ran'; readonly matches: string; readonly in: string | null }
