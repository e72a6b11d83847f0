/** An endpoint joins one sandbox to one network. libnetwork/endpoint.go, endpoint_info.go, drivers/bridge `bridgeEndpoint`. */

export interface Endpoint {
  readonly id: string
  /** Name of the container when it was made. */
  name: string
  readonly network: string
  readonly container: string
  sandbox: string
  readonly address: number | null
  readonly length: number
  readonly gateway: number | null
  /** Those of IPv6, where the network has it. */
  readonly address6?: string
  readonly length6?: number
  readonly gateway6?: string
  readonly mac: string | null
  /** The veth pair of the bridge driver. */
  readonly device: EndpointDevice | null
  /** What is published through this endpoint now. */
  ports: PublishedPort[]
}

export interface EndpointDevice {
  readonly hostName: string
  readonly hostIfindex: number
  /** `eth0`, `eth1` … */
  readonly name: string
}

export interface PublishedPort {
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly containerPort: number
  readonly hostIp: string
  readonly hostPort: number
  /** pid of its docker-proxy. */
  readonly proxy: number | null
}
