/** Cube's server core where `@cubejs-backend/native` cannot be had: the few places that would load it, replaced by subclassing. */
import { ApiGateway, type SQLServer } from '@cubejs-backend/api-gateway'
import core, { type CompilerApi as CompilerApiType } from '@cubejs-backend/server-core'
import { finalResult, isGatewayResult } from './cube-result.ts'

const { CompilerApi, CubejsServerCore } = core

type GatewayArguments = ConstructorParameters<typeof ApiGateway>
type NativeInstance = ReturnType<CompilerApiType['createNativeInstance']>

/** REST and meta without the addon; the SQL API is not there, and every request needs a valid token. */
class NativeFreeGateway extends ApiGateway {
  readonly #timezone: string

  constructor(timezone: string, ...[secret, compiler, orchestrator, logger, options]: GatewayArguments) {
    super(secret, compiler, orchestrator, logger, { ...options, enforceSecurityChecks: true })
    this.#timezone = timezone
  }

  protected override createSQLServerInstance(): SQLServer {
    const absent = () =>
      Promise.reject(
        new Error('[cube] the SQL API needs the native addon; run cube.js with the official server.'),
      )
    const server: Partial<SQLServer> = { execSql: absent, sql4sql: absent, rest4sql: absent }
    return server as SQLServer
  }

  protected override resToResultFn(
    response: Parameters<ApiGateway['resToResultFn']>[0],
  ): ReturnType<ApiGateway['resToResultFn']> {
    const plain = super.resToResultFn(response)
    return (message: unknown, status) =>
      plain(isGatewayResult(message) ? finalResult(message) : message, status)
  }

  /** Queries that name no zone are answered in the project's. */
  protected override parseQueryParam(
    query: Parameters<ApiGateway['parseQueryParam']>[0],
  ): ReturnType<ApiGateway['parseQueryParam']> {
    const parsed = super.parseQueryParam(query)
    const zoned = <Q extends object>(query: Q): Q => ({ timezone: this.#timezone, ...query })
    return Array.isArray(parsed) ? parsed.map(zoned) : zoned(parsed)
  }
}

/** The model is JSON: no template engine is ever asked for a template. */
class NativeFreeCompiler extends CompilerApi {
  override createNativeInstance(): NativeInstance {
    return templateless as NativeInstance
  }
}

const templateless: Pick<NativeInstance, 'newJinjaEngine'> = {
  newJinjaEngine: () => ({
    loadTemplate: () => undefined,
    renderTemplate: (name) => Promise.reject(new Error(`[cube] ${name} is a template; the model has none.`)),
  }),
}

export class NativeFreeCore extends CubejsServerCore {
  readonly #timezone: string

  constructor(timezone: string, ...options: ConstructorParameters<typeof CubejsServerCore>) {
    super(...options)
    this.#timezone = timezone
  }

  protected override createApiGatewayInstance(...gateway: GatewayArguments): ApiGateway {
    return new NativeFreeGateway(this.#timezone, ...gateway)
  }

  protected override createCompilerApi(
    repository: ConstructorParameters<typeof CompilerApi>[0],
    options: Record<string, unknown> = {},
  ): CompilerApiType {
    return new NativeFreeCompiler(
      repository,
      options['dbType'] as ConstructorParameters<typeof CompilerApi>[1],
      this.createCompilerApiOptions(options),
    )
  }
}
