// What is replaced in every line, in this order: times, counters, sequence numbers, process ids.

import type { Replacement } from '../unicode.ts'

export type Rule = readonly [pattern: RegExp, to: Replacement]

const DATES: Rule[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?(?: UTC)?/g, '#DATE#'],
  [
    /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z0-9][a-z0-9]{1,2} +[A-Z0-9][a-z0-9]*,? (?:\d{4} )?\d\d:\d\d:\d\d(?: [A-Z]{3})?(?: \d{4})?/g,
    '#DATE#',
  ],
  [/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '#DATE#'],
  [/\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [+-]\d{4}/g, '#DATE#'],
  [/ETag: "[^"]*"/g, 'ETag: "#"'],
  [/(?<= )\d+\/(?=[a-z][\w-]* *$)/g, '#/'], // netstat -p
  [/((?:gc|hello|tcn|hold|topology change|message age|forward delay) timer\t+ +)[\d.]+/g, '$1#'],
  [/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?= )/g, '#DATE#'], // ls -l
  [/\b\d\d:\d\d:\d\d\.\d{6}\b/g, '#TIME#'], // tcpdump
]

const DURATIONS: Rule[] = [
  [/time=[\d.]+ ms/g, 'time=# ms'],
  [/(time) \d+ms/g, '$1 #ms'],
  [/((?:rtt|round-trip) [a-z/]+ =) [\d./]+ ms(, pipe \d+)?/g, '$1 # ms'],
  [/\b\d+\.\d+ ms\b/g, '# ms'], // traceroute
  [/\d+\.\d+m?s\b|\b\d+(?:\.\d+)?µs/g, '#s'],
  [/timed out after \d+ milliseconds/g, 'timed out after # milliseconds'],
  [/\bafter \d+ ms\b/g, 'after # ms'],
  [/(RX|TX)( errors \d+ {2}dropped) \d+/g, '$1$2 #'],
  [/Query time: \d+ msec/g, 'Query time: # msec'],
  [/, id: \d+/g, ', id: #'],
  [/COOKIE: [0-9a-f]+/g, 'COOKIE: #'],
  [/(?:Less than a second|About an? \w+|\d+ (?:second|minute|hour|day)s?)(?= ago)/g, '#'],
  [/\bUp (?:Less than a second|About an? \w+|\d+ \w+)/g, 'Up #'],
]

const PACKETS: Rule[] = [
  [/\bid \d+(?=, (?:seq|offset))/g, 'id #'],
  [/\bseq \d{5,}(:\d+)?/g, 'seq #'],
  [/\back \d{5,}/g, 'ack #'],
  [/\bwin \d+/g, 'win #'],
  [/TS val \d+ ecr \d+/g, 'TS val # ecr #'],
  [/cksum 0x[0-9a-f]+/g, 'cksum #'],
  [
    /(socat)\[\d+\]( \w (?:read|write)\(\d+, )0x[0-9a-f]+/g,
    (_, name = '', call = '') => `${name}[#]${call}0x#`,
  ],
  [/spi 0x[0-9a-f]+/g, 'spi #'],
  [/((?:> |\.53: |\.53 > \S+: ))\d+([+*]*) /g, '$1#$2 '],
]

const counters = (packets: string) => (packets === '0' ? '0 0 ' : '# # ')

const NETFILTER: Rule[] = [
  [/^(\| :\S+ (?:ACCEPT|DROP)) \[\d+:\d+\]/g, '$1 [#:#]'], // iptables-save
  [/\[\d+:\d+\]/g, (counts) => (counts === '[0:0]' ? counts : '[#:#]')],
  [/^\| (?:\/ # )+(?=\/ # )/g, '| '],
  [/\bfd=\d+/g, 'fd=#'],
  [/policy ([A-Z]+) \d+ packets, [\dKMG]+ bytes/g, 'policy $1 # packets, # bytes'],
  [/counter packets \d+ bytes \d+/g, 'counter packets # bytes #'],
  [
    /^(\| *)(\d+[KMG]?) +(\d+[KMG]?) +(?=(?:[A-Z][A-Za-z0-9-]+| {2}) +(?:0|all|tcp|udp|icmp|\d+) +--)/g,
    (_, _bar, packets = '') => `| ${counters(packets)}`, // iptables -L -v
  ],
  [
    /^(\| *)(\d+[KMG]?) +(\d+[KMG]?) +(?=[A-Z][A-Za-z0-9-]+ )/g,
    (_, _bar, packets = '') => `| ${counters(packets)}`,
  ],
  [
    /^(\| *\d+) +(\d+[KMG]?) +(\d+[KMG]?) +(?=[A-Z][A-Za-z0-9-]+ )/g,
    (_, number = '', packets = '') => `${number} ${counters(packets)}`,
  ],
  [/^\| +pkts bytes target /g, '| pkts bytes target '],
  [/^\| num +pkts bytes target /g, '| num pkts bytes target '],
]

const KERNEL: Rule[] = [
  [
    /(pid=|"Pid": |PID: |with PID )\d+/g,
    (whole, before = '') => (whole.endsWith(' 0') ? whole : `${before}#`),
  ],
  [/\b(RX|TX)( packets:?) ?\d+/g, '$1$2 #'],
  [/\bbytes[: ]\d+ +\([^)]*\)/g, 'bytes #'],
  [
    /(gc_timer|message_age|message age timer|hello_timer|tcn_timer|hold_timer|topology_change_timer|forward_delay_timer|message_age_timer) +[\d.]+/g,
    '$1 #',
  ],
  [/\b(REACHABLE|STALE|DELAY|PROBE)\b/g, 'NUD'],
  [/\btentative /g, ''],
  [/Bind for (?:0\.0\.0\.0|::):(\d+) failed/g, 'Bind for ANY:$1 failed'],
  [/\b(WARN|INFO|ERRO)\[\d{4}\]/g, '$1[#]'],
  [
    /^(\| *\d+\t[0-9a-z:]{17}\t)(no|yes)(\t+ *)([\d.]+)/g, // brctl showmacs
    (whole, port = '', local = '', gap = '', age = '') => (age === '0.00' ? whole : `${port}${local}${gap}#`),
  ],
  [/\bused \d+\/\d+\/\d+/g, 'used #'],
  [/\bprobes \d+/g, 'probes #'],
  [/\bref \d+/g, 'ref #'],
]

export const RULES: readonly Rule[] = [...DATES, ...DURATIONS, ...PACKETS, ...NETFILTER, ...KERNEL]
