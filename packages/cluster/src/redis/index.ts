/**
 * # Timelines kept by Redis or Valkey
 *
 * @packageDocumentation
 */
export { redis, type RedisClient, type RedisConnection, type RedisEngineOptions } from './redis.js';
