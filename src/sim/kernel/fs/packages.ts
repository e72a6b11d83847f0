/**
 * Debian packages as far as a shell sees them: which programs they bring, and where. Hosts and Debian images are put
 * together from these. A program without an implementation in `commands` is still a file: it says that it is not
 * modelled. Paths as on a merged-/usr Debian 12 (`dpkg -L`).
 */
import { NETBASE_FILES } from './network-names.ts'
import { directory, file, plant, program, symlink } from './tree.ts'
import type { DirectoryNode } from './types.ts'

/** Program names of `commands`, by the directory that holds them. `name` stands for `PACKAGE/name`. */
interface Package {
  readonly bin?: readonly string[]
  readonly sbin?: readonly string[]
  /** Where the implementation's name is not `PACKAGE/name`. */
  readonly programs?: Readonly<Record<string, string>>
}

export const PACKAGES: Readonly<Record<string, Package>> = {
  bash: { bin: ['bash'] },
  dash: { bin: ['dash', 'sh'], programs: { sh: 'dash/dash' } },
  coreutils: {
    bin: [
      ...[
        '[',
        'arch',
        'base64',
        'basename',
        'cat',
        'chmod',
        'chown',
        'cp',
        'cut',
        'date',
        'dd',
        'df',
        'dirname',
      ],
      ...[
        'du',
        'echo',
        'env',
        'expr',
        'factor',
        'false',
        'fold',
        'groups',
        'head',
        'hostid',
        'id',
        'install',
        'join',
      ],
      ...[
        'ln',
        'logname',
        'ls',
        'md5sum',
        'mkdir',
        'mkfifo',
        'mktemp',
        'mv',
        'nice',
        'nl',
        'nohup',
        'nproc',
        'od',
      ],
      ...[
        'paste',
        'printenv',
        'printf',
        'pwd',
        'readlink',
        'realpath',
        'rm',
        'rmdir',
        'seq',
        'sha256sum',
        'shuf',
      ],
      ...[
        'sleep',
        'sort',
        'split',
        'stat',
        'stdbuf',
        'stty',
        'sync',
        'tac',
        'tail',
        'tee',
        'test',
        'timeout',
        'touch',
      ],
      ...['tr', 'true', 'truncate', 'tty', 'uname', 'uniq', 'unlink', 'users', 'wc', 'who', 'whoami', 'yes'],
    ],
    sbin: ['chroot'],
  },
  grep: { bin: ['grep', 'egrep', 'fgrep'] },
  sed: { bin: ['sed'] },
  mawk: { bin: ['mawk', 'awk'], programs: { awk: 'mawk/mawk' } },
  findutils: { bin: ['find', 'xargs'] },
  diffutils: { bin: ['cmp', 'diff', 'diff3', 'sdiff'] },
  hostname: { bin: ['hostname', 'dnsdomainname'], programs: { hostname: 'hostname' } },
  'libc-bin': { bin: ['getent', 'ldd'], programs: { getent: 'getent' } },
  'util-linux': {
    bin: [
      'dmesg',
      'findmnt',
      'flock',
      'lsblk',
      'lscpu',
      'lsns',
      'more',
      'mount',
      'nsenter',
      'rev',
      'script',
      'setsid',
      'su',
      'umount',
      'unshare',
    ],
    sbin: ['pivot_root', 'runuser', 'switch_root'],
  },
  procps: {
    bin: [
      'free',
      'kill',
      'pgrep',
      'pidof',
      'pidwait',
      'pkill',
      'pmap',
      'ps',
      'pwdx',
      'top',
      'uptime',
      'vmstat',
      'w',
      'watch',
    ],
    sbin: ['sysctl'],
  },
  psmisc: { bin: ['fuser', 'killall', 'pstree'] },
  lsof: { bin: ['lsof'], programs: { lsof: 'lsof' } },
  jq: { bin: ['jq'], programs: { jq: 'jq' } },
  less: { bin: ['less'], programs: { less: 'less' } },
  iproute2: { bin: ['ip', 'ss'], sbin: ['bridge', 'tc', 'rtmon', 'devlink'], programs: {} },
  'bridge-utils': { sbin: ['brctl'] },
  iptables: {
    sbin: [
      ...[
        'iptables',
        'iptables-save',
        'iptables-restore',
        'ip6tables',
        'ip6tables-save',
        'ip6tables-restore',
      ],
      ...['iptables-nft', 'iptables-legacy'],
    ],
    programs: { 'iptables-nft': 'iptables/iptables' },
  },
  nftables: { sbin: ['nft'] },
  tcpdump: { bin: ['tcpdump'], programs: { tcpdump: 'tcpdump' } },
  conntrack: { sbin: ['conntrack'], programs: { conntrack: 'conntrack' } },
  'iputils-ping': {
    bin: ['ping', 'ping4', 'ping6'],
    programs: { ping: 'iputils/ping', ping4: 'iputils/ping', ping6: 'iputils/ping' },
  },
  'iputils-arping': { bin: ['arping'], programs: { arping: 'iputils/arping' } },
  'iputils-tracepath': { bin: ['tracepath'], programs: { tracepath: 'iputils/tracepath' } },
  traceroute: {
    bin: ['traceroute', 'traceroute6'],
    programs: { traceroute: 'traceroute', traceroute6: 'traceroute' },
  },
  'net-tools': { bin: ['netstat'], sbin: ['arp', 'ifconfig', 'route', 'nameif', 'mii-tool'] },
  ethtool: { sbin: ['ethtool'], programs: { ethtool: 'ethtool' } },
  'bind9-dnsutils': {
    bin: ['dig', 'nslookup', 'host', 'nsupdate'],
    programs: { dig: 'bind/dig', nslookup: 'bind/nslookup', host: 'bind/host' },
  },
  curl: { bin: ['curl'], programs: { curl: 'curl' } },
  wget: { bin: ['wget'], programs: { wget: 'wget' } },
  'openssh-client': { bin: ['ssh'] },
  'openssh-server': { sbin: ['sshd'] },
  socat: { bin: ['socat'], programs: { socat: 'socat' } },
  'netcat-openbsd': { bin: ['nc', 'netcat'], programs: { nc: 'netcat', netcat: 'netcat' } },
  ipvsadm: { sbin: ['ipvsadm'], programs: { ipvsadm: 'ipvsadm' } },
  kmod: { bin: ['lsmod'], sbin: ['modprobe'] },
  'busybox-static': { bin: ['busybox'], programs: { busybox: 'busybox' } },
  'docker.io': { bin: ['docker'], sbin: ['dockerd'], programs: { docker: 'docker', dockerd: 'dockerd' } },
  systemd: { bin: ['systemctl', 'journalctl', 'hostnamectl', 'resolvectl'] },
  apt: { bin: ['apt', 'apt-get'] },
  'nginx-light': { sbin: ['nginx'], programs: { nginx: 'nginx' } },
  mtr: { bin: ['mtr'], programs: { mtr: 'mtr' } },
  iperf3: { bin: ['iperf3'], programs: { iperf3: 'iperf3' } },
}

/** What Debian calls essential, as far as a shell sees it. */
export const ESSENTIAL_PACKAGES: readonly string[] = [
  ...['bash', 'dash', 'coreutils', 'grep', 'sed', 'mawk', 'findutils', 'diffutils', 'hostname', 'libc-bin'],
  ...['util-linux', 'apt'],
]

/** Adds a package's programs to a tree. Throws for a package that is not listed. */
export function installPackage(root: DirectoryNode, name: string): void {
  const about = PACKAGES[name]
  if (about === undefined) throw new Error(`no package ${name}`)
  for (const [folder, programs] of [
    ['bin', about.bin],
    ['sbin', about.sbin],
  ] as const) {
    for (const one of programs ?? []) {
      plant(root, `/usr/${folder}/${one}`, program(about.programs?.[one] ?? `${name}/${one}`))
    }
  }
}

const BASE_DIRECTORIES = [
  ...[
    'boot',
    'dev',
    'etc',
    'home',
    'media',
    'mnt',
    'opt',
    'proc',
    'root',
    'run',
    'srv',
    'sys',
    'tmp',
    'usr/bin',
  ],
  ...[
    'usr/sbin',
    'usr/lib',
    'usr/local/bin',
    'usr/local/sbin',
    'usr/share',
    'var/cache',
    'var/lib',
    'var/log',
    'var/tmp',
  ],
]

/** A Debian file tree with the packages given on top of the essential ones. */
export function debianTree(packages: readonly string[]): DirectoryNode {
  const root = directory()
  for (const path of BASE_DIRECTORIES)
    plant(root, `/${path}`, directory({}, path.endsWith('tmp') ? 0o1777 : 0o755))
  for (const name of ['bin', 'sbin', 'lib']) plant(root, `/${name}`, symlink(`usr/${name}`))
  for (const name of [...ESSENTIAL_PACKAGES, ...packages]) installPackage(root, name)
  plant(root, '/var/run', symlink('/run'))
  plant(root, '/etc/debian_version', file('12.12\n'))
  plant(root, '/etc/os-release', file(OS_RELEASE))
  plant(root, '/etc/passwd', file(PASSWD))
  plant(root, '/etc/group', file('root:x:0:\nnogroup:x:65534:\n'))
  plant(
    root,
    '/etc/nsswitch.conf',
    file('passwd:         files\ngroup:          files\nhosts:          files dns\n'),
  )
  for (const [path, text] of NETBASE_FILES) plant(root, path, file(text))
  return root
}

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`
