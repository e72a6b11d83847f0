/** The programs whose usage texts are walked: what implements them, and words that make a whole command. */

export interface WalkedProgram {
  /** `usage/NAME.txt`, and the word typed. */
  readonly name: string
  /** Key in the registry of commands. */
  readonly command: string
  /** Words behind the option. */
  readonly operands: readonly string[]
  /** Words between program and option. */
  readonly before?: readonly string[]
}

const one = (name: string, command: string, operands: readonly string[] = [], before?: readonly string[]) =>
  before === undefined ? { name, command, operands } : { name, command, operands, before }

export const PROGRAMS: readonly WalkedProgram[] = [
  one('ip', 'iproute2/ip', ['link', 'show']),
  one('bridge', 'iproute2/bridge', ['link', 'show']),
  one('ss', 'iproute2/ss'),
  one('brctl', 'bridge-utils/brctl', ['show']),
  one('ifconfig', 'net-tools/ifconfig'),
  one('route', 'net-tools/route'),
  one('arp', 'net-tools/arp'),
  one('netstat', 'net-tools/netstat'),
  one('iptables', 'iptables/iptables'),
  one('conntrack', 'conntrack', []),
  one('tcpdump', 'tcpdump', ['icmp']),
  one('ping', 'iputils/ping', ['127.0.0.1']),
  one('arping', 'iputils/arping', ['10.0.0.1']),
  one('tracepath', 'iputils/tracepath', ['127.0.0.1']),
  one('traceroute', 'traceroute', ['127.0.0.1']),
  one('mtr', 'mtr', ['-r', '127.0.0.1']),
  one('iperf3', 'iperf3', ['-c', '127.0.0.1']),
  one('curl', 'curl', ['http://127.0.0.1/']),
  one('wget', 'wget', ['http://127.0.0.1/']),
  one('nc', 'netcat', ['127.0.0.1', '80']),
  one('dig', 'bind/dig', ['example.com']),
  one('host', 'bind/host', ['example.com']),
  one('getent', 'getent', ['hosts', 'localhost']),
  one('ethtool', 'ethtool', ['lo']),
  one('sysctl', 'procps/sysctl'),
  one('nsenter', 'util-linux/nsenter', ['true']),
  one('unshare', 'util-linux/unshare', ['true']),
  one('lsns', 'util-linux/lsns'),
  one('dmesg', 'util-linux/dmesg'),
  one('hostname', 'hostname'),
  one('ps', 'procps/ps'),
  one('watch', 'procps/watch', ['true']),
  one('kill', 'procps/kill', ['1']),
  one('pgrep', 'procps/pgrep', ['x']),
]
