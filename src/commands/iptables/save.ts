/** iptables-save and ip6tables-save 1.8.9 over nf_tables. iptables-save(8), iptables/xtables-save.c. */
import { saveText } from '../../render/iptables/save.ts'
import { wallMs } from '../../sim/kernel/fs/files.ts'
import type { Command, CommandContext } from '../context.ts'
import { notModelled } from '../not-modelled.ts'
import { existingTables, listedChains } from './chains.ts'
import { TABLE_NAMES } from './command-line.ts'
import { IPTABLES_VERSION } from './errors.ts'
import { familyOf, mayEdit, programName } from './iptables.ts'

interface SaveOptions {
  table: string | null
  counters: boolean
  version: boolean
}

/** Null: refused, and said so. */
function parse(context: CommandContext, program: string): SaveOptions | null {
  const options: SaveOptions = { table: null, counters: false, version: false }
  const words = context.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '-c' || word === '--counters') options.counters = true
    else if (word === '-V' || word === '--version') options.version = true
    else if (word === '-4' || word === '-6' || word === '--ipv4' || word === '--ipv6') continue
    else if (word === '-t' || word === '--table') options.table = words[++i] ?? null
    else if (word.startsWith('--table=')) options.table = word.slice('--table='.length)
    else if (word.startsWith('-t')) options.table = word.slice(2)
    else return complain(context, program, word)
  }
  return options
}

function complain(context: CommandContext, program: string, word: string): null {
  if (!word.startsWith('-')) context.err('Unknown arguments found on commandline\n')
  else {
    const text = word.startsWith('--') ? `unrecognized option '${word}'` : `invalid option -- '${word[1]}'`
    context.err(`${program}: ${text}\nLook at manual page \`${program}.8' for more information.\n`)
  }
  return null
}

export const iptablesSave: Command = (context) => {
  const program = programName(context)
  const family = familyOf(program)
  if (context.argv.includes('-f') || context.argv.includes('--file'))
    return notModelled(context, `${program} --file`)
  const options = parse(context, program)
  if (options === null) return 1
  if (options.version) {
    context.out(`${program} ${IPTABLES_VERSION}\n`)
    return 0
  }
  if (!mayEdit(context)) return 4
  const wanted = options.table
  if (wanted !== null && !TABLE_NAMES.some((name) => name === wanted)) {
    context.err(`Table \`${wanted}' does not exist\n`)
    return 1
  }
  const names = existingTables(context.netns, family).filter((name) => wanted === null || name === wanted)
  const tables = names.map((name) => ({ name, chains: listedChains(context.netns, family, name) }))
  context.out(saveText(tables, { program, counters: options.counters, epochMs: wallMs(context.world) }))
  return 0
}
