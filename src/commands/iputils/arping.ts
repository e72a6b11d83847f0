/** arping(8) of iputils and arping of busybox: the command lines. */
import { type ArpingOptions, arpingProgram } from '../../sim/process/arping.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import { busyboxUsage } from '../busybox/usage.ts'
import type { Command, CommandContext } from '../context.ts'
import { type OptionError, parseOptions } from '../getopt.ts'
import { toolVersions } from '../tool-versions.ts'
import { sentence } from '../util-linux/usage.ts'
import { numberOption } from './values.ts'

type Mutable = { -readonly [K in keyof ArpingOptions]: ArpingOptions[K] }

export const ARPING_USAGE = `
Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source IP address
  <destination> DNS name or IP address

For more details see arping(8).
`

const BUSYBOX_USAGE = `Usage: arping [-fqbDUA] [-c CNT] [-w TIMEOUT] [-I IFACE] [-s SRC_IP] DST_IP

Send ARP requests/replies

	-f		Quit on first ARP reply
	-q		Quiet
	-b		Keep broadcasting, don't go unicast
	-D		Exit with 1 if DST_IP replies
	-U		Unsolicited ARP mode, update your neighbors
	-A		ARP answer mode, update your neighbors
	-c N		Stop after sending N ARP requests
	-w TIMEOUT	Seconds to wait for ARP reply
	-I IFACE	Interface to use (default eth0)
	-s SRC_IP	Sender IP address
	DST_IP		Target IP address
`

function run(context: CommandContext, dialect: 'iputils' | 'busybox') {
  const usage = (error: OptionError | 'operands' | null): number => {
    if (dialect === 'busybox') return busyboxUsage(context, 'arping', BUSYBOX_USAGE, error)
    if (error !== null && error !== 'operands') context.err(`arping: ${sentence(error)}\n`)
    context.err(ARPING_USAGE)
    return 2
  }
  const parsed = parseOptions(context.argv, { short: 'h?bfDUAqc:w:i:I:s:V', long: { help: 'flag' } })
  if (!parsed.ok) return usage(parsed.error)
  const options: Mutable = {
    dialect,
    target: parsed.value.operands[0] ?? '',
    device: 'eth0',
    count: null,
    deadlineUs: null,
    source: null,
    duplicate: false,
    unsolicited: false,
    answer: false,
    broadcastOnly: false,
    quitOnReply: false,
    quiet: false,
    intervalUs: 1_000_000,
    usage: ARPING_USAGE,
  }
  for (const { name, value } of parsed.value.options) {
    if (name === 'h' || name === 'help') return usage(null)
    if (name === 'V' && dialect === 'iputils') {
      context.out(
        `arping from iputils ${toolVersions(context.world).iputils}\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n`,
      )
      return 0
    }
    if ('cwi'.includes(name) && !isNumber(context, dialect, name, value)) return 1
    if (name === 's' && parseIpv4(value) === null && dialect === 'iputils') {
      context.err(`arping: invalid source ${value}\n`)
      return 2
    }
    apply(options, name, value)
  }
  if (parsed.value.operands.length !== 1) return usage('operands')
  if (dialect === 'iputils' && !parsed.value.options.some(({ name }) => name === 'I')) options.device = ''
  return context.become(arpingProgram(options))
}

/** iputils: strtol_or_err; busybox: xatou. */
function isNumber(
  context: CommandContext,
  dialect: 'iputils' | 'busybox',
  name: string,
  value: string,
): boolean {
  if (dialect === 'iputils')
    return numberOption(context, 'arping', value, name === 'c' ? 1 : 0, 2147483647) !== null
  if (/^\d+$/.test(value)) return true
  context.err(`arping: invalid number '${value}'\n`)
  return false
}

function apply(options: Mutable, name: string, value: string): void {
  if (name === 'c') options.count = Number(value)
  if (name === 'w') options.deadlineUs = Number(value) * 1e6
  if (name === 'i') options.intervalUs = Number(value) * 1e6
  if (name === 'I') options.device = value
  if (name === 's') options.source = parseIpv4(value)
  if (name === 'D') options.duplicate = true
  if (name === 'U' || name === 'A') options.unsolicited = true
  if (name === 'A') options.answer = true
  if (name === 'b') options.broadcastOnly = true
  if (name === 'f') options.quitOnReply = true
  if (name === 'q') options.quiet = true
}

export const arping: Command = (context) => run(context, 'iputils')
export const busyboxArping: Command = (context) => run(context, 'busybox')
