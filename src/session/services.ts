/** The functions that every world of ours is handed. */
import { word } from '../render/words.ts'
import type { Services } from '../sim/kernel/simulation.ts'

export const services: Services = Object.freeze({ word })
