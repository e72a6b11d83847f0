// Times, counters, process ids of a line; some are such only in the output of certain commands.

import { found, replaced } from '../unicode.ts'
import { RULES } from './rules.ts'

const CONNTRACK = /^(\| (?:ipv4 +\d+ )?(?:tcp|udp|icmp|unknown) +\d+ )(\d+)( )/g
const PS = /(^|[;&|$#] ?|sudo )(?:ps|docker top|docker compose (?:\S+ )*top|docker exec \S+ ps)\b/
const PS_WITHOUT_NUMBERS = /-o (?:args|comm)/
const COUNTS =
  /uniq -c|ip (?:-\S+ )*-s|ethtool -S|netstat -[a-z]*[is]|\/proc\/net\/(?:dev|snmp|nf)|docker stats|nstat/
const PROCESS_IDS = /\.State\.Pid|\bpidof|\bpgrep|lsof|fuser|\becho \$\$|docker\.pid|ip netns pids/
const SUBSTITUTION = /\$\([^()]*\)/g
/** Tables of docker with an age column, or with a column of names or ids: the widths are not kept. */
const AGE_TABLE =
  /# ago|\bUp #|^\| (?:NAME +IMAGE +COMMAND|CONTAINER +REPOSITORY|CONTAINER ID|REPOSITORY|ID +NAME +IMAGE) /

export function replaceNumbers(line: string, command: string): string {
  let result = line
  for (const [pattern, to] of RULES) result = replaced(result, pattern, to)
  result = replaced(result, CONNTRACK, '$1#$3')
  result = replaced(result, /packets=\d+ bytes=\d+/g, 'packets=# bytes=#')
  if (command.includes('icmp') || result.includes('type=')) result = replaced(result, /\bid=\d+/g, 'id=#')
  result = replaceByCommand(result, withoutSubstitutions(command))
  result = replaced(result, /^(\| {1,2}[✔✘!⠀-⣿] .*?) +#s *$/g, '$1 #s') // docker compose
  result = result.replace(/^(\| {2})[⠀-⣿] /, '$1⠿ ') // its spinner
  return found(AGE_TABLE, result) ? result.replace(/ {3,}/g, '   ') : result
}

/** A command inside `$(…)` prints nothing; two levels of it are taken away. */
function withoutSubstitutions(command: string): string {
  return command.replace(SUBSTITUTION, '').replace(SUBSTITUTION, '')
}

function replaceByCommand(line: string, command: string): string {
  let result = line
  if (found(PS, command) && !PS_WITHOUT_NUMBERS.test(command)) {
    result = replaced(result, /(?<= )[\d.:]+(?= )/g, '#')
    result = result.replace(/ {2,}/g, ' ').replace(/^\| +/, '| ')
    result = result.replace(/ (?:R|S|D|I)[<sl+N]*(?= # #)/g, ' S')
  }
  if (found(COUNTS, command) && !result.includes('peer_ifindex')) {
    result = replaced(result, /(?<![\w.:])\d+(?:\.\d+)?(?![\w.:/])/g, '#')
    result = result.replace(/^\| +/, '| ').replace(/ {2,}/g, ' ')
  }
  if (found(PROCESS_IDS, command)) result = replaced(result, /(?<![\w./:])\d+(?![\w./:])/g, '#')
  return result
}
