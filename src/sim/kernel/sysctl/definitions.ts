/**
 * Names and first values of settings. Documentation/networking/ip-sysctl.rst, sysctl.c of net/ipv4, net/ipv6,
 * net/core, net/bridge and net/netfilter; kernel 6.x values on a machine with some GB of memory.
 */

export interface FieldDefinition {
  readonly tree: 'net.ipv4.conf' | 'net.ipv4.neigh' | 'net.ipv6.conf'
  readonly name: string
  readonly initial: number
}

const conf = (name: string, initial: number) => ({ tree: 'net.ipv4.conf', name, initial }) as const
const neigh = (name: string, initial: number) => ({ tree: 'net.ipv4.neigh', name, initial }) as const
const conf6 = (name: string, initial: number) => ({ tree: 'net.ipv6.conf', name, initial }) as const

/** One value a device; `all` and `default` stand beside the devices. */
export const DEVICE_FIELDS = {
  forwarding: conf('forwarding', 0),
  rpFilter: conf('rp_filter', 0),
  acceptLocal: conf('accept_local', 0),
  routeLocalnet: conf('route_localnet', 0),
  arpIgnore: conf('arp_ignore', 0),
  arpAnnounce: conf('arp_announce', 0),
  arpAccept: conf('arp_accept', 0),
  arpFilter: conf('arp_filter', 0),
  arpNotify: conf('arp_notify', 0),
  proxyArp: conf('proxy_arp', 0),
  sendRedirects: conf('send_redirects', 1),
  acceptRedirects: conf('accept_redirects', 1),
  secureRedirects: conf('secure_redirects', 1),
  sharedMedia: conf('shared_media', 1),
  promoteSecondaries: conf('promote_secondaries', 0),
  logMartians: conf('log_martians', 0),
  acceptSourceRoute: conf('accept_source_route', 0),
  ignoreRoutesWithLinkdown: conf('ignore_routes_with_linkdown', 0),
  baseReachableTimeMs: neigh('base_reachable_time_ms', 30000),
  retransTimeMs: neigh('retrans_time_ms', 1000),
  delayFirstProbeTime: neigh('delay_first_probe_time', 5),
  unicastSolicit: neigh('ucast_solicit', 3),
  multicastSolicit: neigh('mcast_solicit', 3),
  gcStaleTime: neigh('gc_stale_time', 60),
  unresolvedQueueBytes: neigh('unres_qlen_bytes', 212992),
  disableIpv6: conf6('disable_ipv6', 0),
  forwarding6: conf6('forwarding', 0),
  acceptRa: conf6('accept_ra', 1),
  dadTransmits: conf6('dad_transmits', 1),
} as const satisfies Record<string, FieldDefinition>

/** One value a namespace. */
export const NET_FIELDS = {
  bridgeCallIptables: { key: 'net.bridge.bridge-nf-call-iptables', initial: 1 },
  defaultTtl: { key: 'net.ipv4.ip_default_ttl', initial: 64 },
  echoIgnoreAll: { key: 'net.ipv4.icmp_echo_ignore_all', initial: 0 },
  echoIgnoreBroadcasts: { key: 'net.ipv4.icmp_echo_ignore_broadcasts', initial: 1 },
  icmpRateLimitMs: { key: 'net.ipv4.icmp_ratelimit', initial: 1000 },
  icmpRateMask: { key: 'net.ipv4.icmp_ratemask', initial: 6168 },
  errorsUseInboundAddress: { key: 'net.ipv4.icmp_errors_use_inbound_ifaddr', initial: 0 },
  noPmtuDiscovery: { key: 'net.ipv4.ip_no_pmtu_disc', initial: 0 },
  forwardUsePmtu: { key: 'net.ipv4.ip_forward_use_pmtu', initial: 0 },
  nonlocalBind: { key: 'net.ipv4.ip_nonlocal_bind', initial: 0 },
  fragmentTimeS: { key: 'net.ipv4.ipfrag_time', initial: 30 },
  minPmtu: { key: 'net.ipv4.route.min_pmtu', initial: 552 },
  mtuExpiresS: { key: 'net.ipv4.route.mtu_expires', initial: 600 },
} as const

/** Settings of which nothing here depends (or what depends asks for by name), with their first values. */
export const PLAIN: Readonly<Record<string, string>> = {
  'net.core.default_qdisc': 'fq_codel',
  'net.core.netdev_max_backlog': '1000',
  'net.core.optmem_max': '131072',
  'net.core.rmem_default': '212992',
  'net.core.rmem_max': '212992',
  'net.core.somaxconn': '4096',
  'net.core.wmem_default': '212992',
  'net.core.wmem_max': '212992',
  'net.ipv4.igmp_max_memberships': '20',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_local_reserved_ports': '',
  'net.ipv4.ip_unprivileged_port_start': '1024',
  'net.ipv4.ipfrag_high_thresh': '4194304',
  'net.ipv4.neigh.default.gc_interval': '30',
  'net.ipv4.neigh.default.gc_thresh1': '128',
  'net.ipv4.neigh.default.gc_thresh2': '512',
  'net.ipv4.neigh.default.gc_thresh3': '1024',
  'net.ipv4.ping_group_range': '1\t0',
  'net.ipv4.tcp_abort_on_overflow': '0',
  'net.ipv4.tcp_congestion_control': 'cubic',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_keepalive_intvl': '75',
  'net.ipv4.tcp_keepalive_probes': '9',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_max_syn_backlog': '512',
  'net.ipv4.tcp_mtu_probing': '0',
  'net.ipv4.tcp_retries1': '3',
  'net.ipv4.tcp_retries2': '15',
  'net.ipv4.tcp_rmem': '4096\t131072\t6291456',
  'net.ipv4.tcp_sack': '1',
  'net.ipv4.tcp_syn_retries': '6',
  'net.ipv4.tcp_synack_retries': '5',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_timestamps': '1',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.ipv4.tcp_window_scaling': '1',
  'net.ipv4.tcp_wmem': '4096\t16384\t4194304',
  'net.ipv6.bindv6only': '0',
  'net.netfilter.nf_conntrack_acct': '0',
  'net.netfilter.nf_conntrack_generic_timeout': '600',
  'net.netfilter.nf_conntrack_icmp_timeout': '30',
  'net.netfilter.nf_conntrack_max': '262144',
  'net.netfilter.nf_conntrack_tcp_be_liberal': '0',
  'net.netfilter.nf_conntrack_tcp_loose': '1',
  'net.netfilter.nf_conntrack_tcp_timeout_close': '10',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait': '60',
  'net.netfilter.nf_conntrack_tcp_timeout_established': '432000',
  'net.netfilter.nf_conntrack_tcp_timeout_fin_wait': '120',
  'net.netfilter.nf_conntrack_tcp_timeout_last_ack': '30',
  'net.netfilter.nf_conntrack_tcp_timeout_syn_recv': '60',
  'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '120',
  'net.netfilter.nf_conntrack_tcp_timeout_time_wait': '120',
  'net.netfilter.nf_conntrack_udp_timeout': '30',
  'net.netfilter.nf_conntrack_udp_timeout_stream': '120',
}

/** One value a device that no packet asks for. */
export const DEVICE_PLAIN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'net.ipv4.conf': {
    arp_evict_nocarrier: '1',
    bc_forwarding: '0',
    bootp_relay: '0',
    disable_policy: '0',
    disable_xfrm: '0',
    drop_gratuitous_arp: '0',
    drop_unicast_in_l2_multicast: '0',
    force_igmp_version: '0',
    medium_id: '0',
    proxy_arp_pvlan: '0',
    src_valid_mark: '0',
    tag: '0',
  },
  'net.ipv4.neigh': {
    anycast_delay: '100',
    app_solicit: '0',
    locktime: '100',
    mcast_resolicit: '0',
    proxy_delay: '80',
    proxy_qlen: '64',
    unres_qlen: '101',
  },
  'net.ipv6.conf': {
    accept_dad: '1',
    accept_redirects: '1',
    autoconf: '1',
    hop_limit: '64',
    max_addresses: '16',
    mtu: '1500',
    proxy_ndp: '0',
    router_solicitations: '-1',
    use_tempaddr: '0',
  },
}

/** There while br_netfilter is loaded. */
export const BRIDGE_PLAIN: Readonly<Record<string, string>> = {
  'net.bridge.bridge-nf-call-arptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-filter-pppoe-tagged': '0',
  'net.bridge.bridge-nf-filter-vlan-tagged': '0',
  'net.bridge.bridge-nf-pass-vlan-input-dev': '0',
}

/** A number in a list of these bounds, where a setting has any. */
export const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  'net.ipv4.ip_default_ttl': [1, 255],
}
