/** From a program's row to its words: `row.program` names who speaks. The simulation is handed this at composition. */
import type { Row } from '../sim/kernel/simulation.ts'
import type { Process } from '../sim/kernel/task/types.ts'
import { wordDnsClient } from './bind/dns-client.ts'
import { wordGetent } from './bind/getent.ts'
import { wordBusyboxPing } from './busybox/ping.ts'
import { wordConntrackEvents } from './conntrack/events.ts'
import { wordCurl } from './curl/curl.ts'
import { wordIperf3 } from './iperf3/iperf3.ts'
import { wordNetlinkMonitor } from './iproute2/monitor.ts'
import { wordArping } from './iputils/arping.ts'
import { wordPing } from './iputils/ping.ts'
import { wordTracepath } from './iputils/tracepath.ts'
import { wordMtr } from './mtr/mtr.ts'
import { wordNetcat } from './netcat/netcat.ts'
import { wordSocat } from './netcat/socat.ts'
import { wordHttpServer, wordNginx } from './nginx/http-server.ts'
import { wordSsh } from './openssh/ssh.ts'
import { wordRedisCli } from './service/redis-cli.ts'
import { wordService } from './service/service.ts'
import { wordTcpdump } from './tcpdump/tcpdump.ts'
import { wordTraceroute } from './traceroute/traceroute.ts'
import { wordBusyboxWget, wordGnuWget } from './wget/wget.ts'
import { wordWindowsPing } from './windows/ping.ts'

type Word = (row: never, process: Process) => string

const WORDS: ReadonlyMap<string, Word> = new Map<string, Word>([
  ['iputils/ping', wordPing],
  ['busybox/ping', wordBusyboxPing],
  ['conntrack-events', wordConntrackEvents],
  ['curl', wordCurl],
  ['http-server', wordHttpServer],
  ['nginx', wordNginx],
  ['busybox/wget', wordBusyboxWget],
  ['gnu/wget', wordGnuWget],
  ['dns-client', wordDnsClient],
  ['getent', wordGetent],
  ['arping', wordArping],
  ['iperf3', wordIperf3],
  ['mtr', wordMtr],
  ['netcat', wordNetcat],
  ['tracepath', wordTracepath],
  ['netlink-monitor', wordNetlinkMonitor],
  ['redis-cli', wordRedisCli],
  ['service', wordService],
  ['socat', wordSocat],
  ['ssh', wordSsh],
  ['tcpdump', wordTcpdump],
  ['traceroute', wordTraceroute],
  ['windows/ping', wordWindowsPing],
])

export function word(row: Row, process: Process): string {
  const speaker = WORDS.get(row.program)
  if (speaker === undefined) throw new Error(`nobody words rows of ${row.program}`)
  return speaker(row as never, process)
}
