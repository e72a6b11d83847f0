/** Well-known ports by name, as Debian's /etc/services has them (IANA service names). Not modelled: the rarer ones. */

const PORTS: readonly (readonly [number, string, 'both' | 'tcp' | 'udp'])[] = [
  [7, 'echo', 'both'],
  [9, 'discard', 'both'],
  [13, 'daytime', 'both'],
  [19, 'chargen', 'both'],
  [20, 'ftp-data', 'tcp'],
  [21, 'ftp', 'tcp'],
  [22, 'ssh', 'tcp'],
  [23, 'telnet', 'tcp'],
  [25, 'smtp', 'tcp'],
  [37, 'time', 'both'],
  [43, 'whois', 'tcp'],
  [49, 'tacacs', 'both'],
  [53, 'domain', 'both'],
  [67, 'bootps', 'udp'],
  [68, 'bootpc', 'udp'],
  [69, 'tftp', 'udp'],
  [70, 'gopher', 'tcp'],
  [79, 'finger', 'tcp'],
  [80, 'http', 'tcp'],
  [88, 'kerberos', 'both'],
  [110, 'pop3', 'tcp'],
  [111, 'sunrpc', 'both'],
  [113, 'auth', 'tcp'],
  [119, 'nntp', 'tcp'],
  [123, 'ntp', 'udp'],
  [137, 'netbios-ns', 'udp'],
  [138, 'netbios-dgm', 'udp'],
  [139, 'netbios-ssn', 'tcp'],
  [143, 'imap2', 'tcp'],
  [161, 'snmp', 'both'],
  [162, 'snmp-trap', 'both'],
  [179, 'bgp', 'tcp'],
  [194, 'irc', 'both'],
  [389, 'ldap', 'both'],
  [443, 'https', 'both'],
  [445, 'microsoft-ds', 'both'],
  [465, 'submissions', 'tcp'],
  [500, 'isakmp', 'udp'],
  [514, 'shell', 'tcp'],
  [514, 'syslog', 'udp'],
  [515, 'printer', 'tcp'],
  [520, 'route', 'udp'],
  [546, 'dhcpv6-client', 'udp'],
  [547, 'dhcpv6-server', 'udp'],
  [554, 'rtsp', 'both'],
  [587, 'submission', 'tcp'],
  [631, 'ipp', 'tcp'],
  [636, 'ldaps', 'both'],
  [853, 'domain-s', 'both'],
  [873, 'rsync', 'tcp'],
  [989, 'ftps-data', 'tcp'],
  [990, 'ftps', 'tcp'],
  [993, 'imaps', 'tcp'],
  [995, 'pop3s', 'tcp'],
  [1080, 'socks', 'tcp'],
  [1194, 'openvpn', 'both'],
  [1433, 'ms-sql-s', 'tcp'],
  [1812, 'radius', 'both'],
  [1813, 'radius-acct', 'both'],
  [2049, 'nfs', 'both'],
  [3128, 'squid', 'tcp'],
  [3306, 'mysql', 'tcp'],
  [3389, 'ms-wbt-server', 'tcp'],
  [4369, 'epmd', 'tcp'],
  [4500, 'ipsec-nat-t', 'udp'],
  [4789, 'vxlan', 'udp'],
  [5060, 'sip', 'both'],
  [5061, 'sip-tls', 'both'],
  [5222, 'xmpp-client', 'tcp'],
  [5353, 'mdns', 'udp'],
  [5432, 'postgresql', 'tcp'],
  [5671, 'amqps', 'tcp'],
  [5672, 'amqp', 'both'],
  [6379, 'redis', 'tcp'],
  [6667, 'ircd', 'tcp'],
  [8080, 'http-alt', 'both'],
  [10050, 'zabbix-agent', 'tcp'],
  [10051, 'zabbix-trapper', 'tcp'],
  [11211, 'memcached', 'tcp'],
]

const NAMES = { tcp: new Map<number, string>(), udp: new Map<number, string>() }
const NUMBERS = { tcp: new Map<string, number>(), udp: new Map<string, number>() }

for (const [port, name, protocol] of PORTS)
  for (const kind of ['tcp', 'udp'] as const)
    if (protocol === 'both' || protocol === kind) {
      NAMES[kind].set(port, name)
      NUMBERS[kind].set(name, port)
    }

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['www', 'http'],
  ['imap', 'imap2'],
  ['mail', 'smtp'],
  ['webcache', 'http-alt'],
])

export function serviceName(port: number, protocol: 'tcp' | 'udp'): string | undefined {
  return NAMES[protocol].get(port)
}

export function servicePort(name: string, protocol: 'tcp' | 'udp'): number | undefined {
  return NUMBERS[protocol].get(ALIASES.get(name) ?? name)
}
