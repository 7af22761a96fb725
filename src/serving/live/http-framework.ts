// What is used of fastify, loaded when a server is asked for.
import type { Server } from 'node:http';

export interface HttpRequest {
  readonly body: unknown;
  readonly method: string;
  readonly routeOptions: { readonly url?: string };
}

export interface HttpReply {
  code(status: number): HttpReply;
  type(media: string): HttpReply;
  header(name: string, value: string): HttpReply;
  send(payload: unknown): HttpReply;
  readonly statusCode: number;
  readonly elapsedTime: number;
}

export interface HttpServer {
  route(options: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly handler: (request: HttpRequest, reply: HttpReply) => unknown;
  }): unknown;
  addHook(
    name: 'onRequest' | 'onResponse',
    hook: (request: HttpRequest, reply: HttpReply) => Promise<unknown>,
  ): unknown;
  setErrorHandler(handler: (error: Error, request: HttpRequest, reply: HttpReply) => unknown): unknown;
  setNotFoundHandler(handler: (request: HttpRequest, reply: HttpReply) => unknown): unknown;
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  close(): Promise<void>;
  readonly server: Server;
}

interface Fastify {
  readonly default: (options: object) => HttpServer;
}

export const httpServer = async (options: object): Promise<HttpServer> => {
  const { default: fastify } = (await import('fastify' as string)) as Fastify;
  return fastify(options);
};
