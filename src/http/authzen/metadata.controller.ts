import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PublicAddress } from '../../application/public-address.js';
import { schemaOf } from '../openapi/example-schema.js';
import { accountBase, check } from './api.js';

const host = 'https://muster.example.com';

/**
 * Says where the Authorization API is. Section "Policy Decision Point Metadata": the well-known part stands between the
 * host and the path of the base, so that for `/authzen/{account}` it comes first.
 */
@Controller('.well-known/authzen-configuration')
@ApiTags('operation')
export class MetadataController {
  constructor(private readonly address: PublicAddress) {}

  @Get()
  @ApiOperation({
    operationId: 'showAuthzen',
    summary: 'Where the AuthZEN API of the account of the caller is',
    description:
      'Both endpoints are `POST /api/v2/check`. What an account has besides, its own document says.',
    security: [],
  })
  @ApiResponse(described(ownDocumentOf(host)))
  own(): object {
    return ownDocumentOf(this.address.base ?? '');
  }

  /** Whether there is such an account is not said here. */
  @Get('authzen/:account')
  @ApiOperation({
    operationId: 'showAuthzenOf',
    summary: 'Where the AuthZEN API of an account is',
    security: [],
  })
  @ApiResponse(described(documentOf(`${host}${accountBase}/0123456789abcdef0123456789abcdef`)))
  of(@Param('account') account: string): object {
    return documentOf(`${this.address.base ?? ''}${accountBase}/${encodeURIComponent(account)}`);
  }
}

function documentOf(base: string) {
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: `${base}/access/v1/evaluation`,
    access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    search_subject_endpoint: `${base}/access/v1/search/subject`,
    search_resource_endpoint: `${base}/access/v1/search/resource`,
    search_action_endpoint: `${base}/access/v1/search/action`,
  };
}

function ownDocumentOf(base: string) {
  const endpoint = base + check.prefixes[0];
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: endpoint,
    access_evaluations_endpoint: endpoint,
  };
}

function described(example: object) {
  return {
    ...{ status: 200, description: 'Success' },
    content: { 'application/json': { schema: schemaOf(example), example } },
  };
}
