/** How long we wait for a MongoDB, in milliseconds. */
export type MongoPatience = {
  /** An operation, with the driver's choice of a server and its one repetition, ends within this time. */
  operationMs: number
  /** What the server is given for its own part of it. */
  serverMs: number
  /** For the driver to find a server that may be written to. */
  selectionMs: number
  connectMs: number
}

export const mongoPatience: MongoPatience = {
  operationMs: 5_000,
  serverMs: 4_000,
  selectionMs: 3_000,
  connectMs: 3_000,
}
