/** getent hosts, ahosts, ahostsv4, ahostsv6: what the C library makes of names. getent(1) */
import type { WakeCause } from '../kernel/simulation.ts'
import type { Program } from '../kernel/task/types.ts'
import { parseIpv4 } from '../wire/ipv4-address.ts'
import type { ProcessContext } from './context.ts'
import {
  type Families,
  type Lookup,
  readHosts,
  startLookup,
  startReverseLookup,
  stepLookup,
} from './host-lookup.ts'

export type GetentDatabase = 'hosts' | 'ahosts' | 'ahostsv4' | 'ahostsv6'

export interface GetentProgram extends Program {
  readonly kind: 'getent'
  readonly database: GetentDatabase
  readonly keys: readonly string[]
  index: number
  lookup: Lookup | null
  status: number
}

const FAMILIES: Readonly<Record<GetentDatabase, Families>> = {
  hosts: 4,
  ahosts: 'any',
  ahostsv4: 4,
  ahostsv6: 6,
}

export function getentProgram(database: GetentDatabase, keys: readonly string[]): GetentProgram {
  return { kind: 'getent', database, keys, index: 0, lookup: null, status: 0 }
}

export function stepGetent(context: ProcessContext, program: GetentProgram, _cause: WakeCause): void {
  const { database } = program
  if (program.keys.length === 0) {
    for (const { address, names } of readHosts(context))
      context.emit({ program: 'getent', kind: 'host', database, address, names })
    return context.exit(0)
  }
  for (;;) {
    const key = program.keys[program.index]
    if (key === undefined) return context.exit(program.status)
    const address = parseIpv4(key)
    program.lookup ??=
      address === null || database !== 'hosts'
        ? startLookup(context, key, [1, 28], FAMILIES[database])
        : startReverseLookup(context, address)
    if (!stepLookup(context, program.lookup)) return
    const outcome = program.lookup.outcome
    if (outcome?.kind === 'name')
      context.emit({ program: 'getent', kind: 'host', database, address: key, names: [outcome.name] })
    else if (outcome?.kind === 'addresses') {
      for (const one of outcome.all ?? outcome.addresses)
        context.emit({ program: 'getent', kind: 'address', database, address: one, name: outcome.name, key })
    } else program.status = 2
    program.lookup = null
    program.index++
  }
}
