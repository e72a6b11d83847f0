/** `ip rule`: ip/iprule.c print_rule (6.1.0). */
import type { Policy6Rule, PolicyRule } from '../../sim/kernel/net-namespace.ts'
import { formatIp } from '../../sim/wire/ip-address.ts'
import { Fields } from './fields.ts'
import { tableName } from './route.ts'

export function ruleFields(rule: PolicyRule | Policy6Rule, color: boolean, details = false): Fields {
  const fields = new Fields(color)
  fields.add('priority', rule.priority, `${rule.priority}:\t`)
  if (rule.not) fields.add('not', null, 'not ')
  fields.put('from ')
  addPrefix(fields, 'src', rule.from, 'all')
  if (rule.to !== null) {
    fields.put('to ')
    addPrefix(fields, 'dst', rule.to, 'all')
  }
  if (rule.fwmark !== null) {
    const text = `0x${rule.fwmark.toString(16)}`
    fields.add('fwmark', text, `fwmark ${text} `)
  }
  if (rule.inputInterface !== null)
    fields.put('iif ').add('iif', rule.inputInterface, `${rule.inputInterface} `, 'name')
  if (rule.outputInterface !== null) {
    fields.put('oif ').add('oif', rule.outputInterface, `${rule.outputInterface} `, 'name')
  }
  if (rule.action.kind === 'table') {
    const name = tableName(rule.action.table)
    fields.add('table', name, `lookup ${name}`)
  } else fields.add('action', rule.action.kind, rule.action.kind)
  // Those that the kernel makes itself are told by where they stand.
  const protocol = [0, 32766, 32767].includes(rule.priority) ? 'kernel' : 'unspec'
  if (details) fields.add('protocol', protocol, ` proto ${protocol}`)
  return fields.put('\n')
}

function addPrefix(
  fields: Fields,
  key: string,
  prefix: PolicyRule['from'] | Policy6Rule['from'],
  none: string,
): void {
  if (prefix === null) {
    fields.add(key, none, `${none} `)
    return
  }
  const isSix = typeof prefix.address === 'string'
  const text = formatIp(prefix.address)
  const isHost = prefix.length === (isSix ? 128 : 32)
  fields.add(key, text, isHost ? `${text} ` : `${text}/${prefix.length} `, isSix ? 'inet6' : 'inet')
  if (!isHost) fields.only(`${key}len`, prefix.length)
}
