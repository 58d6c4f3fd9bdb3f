/**
 * # Timelines kept by PostgreSQL
 *
 * @packageDocumentation
 */
export {
  postgres,
  type PostgresClient,
  type PostgresConnection,
  type PostgresOptions,
  type PostgresRows,
} from './postgres.js';
