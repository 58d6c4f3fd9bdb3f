/**
 * # Timelines kept by NATS JetStream
 *
 * @packageDocumentation
 */
export {
  nats,
  type NatsClient,
  type NatsConnection,
  type NatsHeaders,
  type NatsMessage,
  type NatsOptions,
  type NatsSubscription,
} from './nats.js';
