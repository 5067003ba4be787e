import * as z from 'zod/mini'
import { endpoint } from './endpoint.js'
import { Deleted, Page, Timestamp, includeSuspended, open } from './schema.js'

export const Workspace = open({
  /** Weavz UUID. */
  id: z.string(),
  orgId: z.string(),
  name: z.string(),
  /** Unique in the organization. */
  slug: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export interface Workspace extends z.infer<typeof Workspace> {}

const Name = z.string().check(z.minLength(1), z.maxLength(255))
const Slug = z
  .string()
  .check(
    z.maxLength(64),
    z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Lower-case letters and digits, words joined by single hyphens'),
  )

export const CreateWorkspace = z.strictObject({
  /** 1 to 255 characters, any Unicode. */
  name: Name,
  /** `acme-production`: lower-case letters, digits and single hyphens, at most 64. Unique in the organization. */
  slug: Slug,
})
export interface CreateWorkspace extends z.input<typeof CreateWorkspace> {}

export const UpdateWorkspace = z.strictObject({
  /** 1 to 255 characters, any Unicode. */
  name: z.optional(Name),
  /** Unique in the organization. */
  slug: z.optional(Slug),
})
export interface UpdateWorkspace extends z.input<typeof UpdateWorkspace> {}

export const ListWorkspaces = z.object({ ...Page, includeSuspended })
export interface ListWorkspaces extends z.input<typeof ListWorkspaces> {}

const OneWorkspace = open({ workspace: Workspace })

export const workspaces = {
  list: endpoint('workspaces.list', {
    method: 'GET',
    path: '/api/v1/workspaces',
    auth: 'api-key',
    summary: 'List the workspaces of the organization.',
    query: ListWorkspaces,
    responses: { 200: open({ workspaces: z.array(Workspace), total: z.number() }) },
    errors: [],
    list: 'workspaces',
    paginated: true,
  }),
  create: endpoint('workspaces.create', {
    method: 'POST',
    path: '/api/v1/workspaces',
    auth: 'api-key',
    summary: 'Create a workspace.',
    body: CreateWorkspace,
    responses: { 201: OneWorkspace },
    errors: ['QUOTA_EXCEEDED', 'DUPLICATE'],
  }),
  get: endpoint('workspaces.get', {
    method: 'GET',
    path: '/api/v1/workspaces/{id}',
    auth: 'api-key',
    summary: 'Get one workspace.',
    responses: { 200: OneWorkspace },
    errors: [],
  }),
  update: endpoint('workspaces.update', {
    method: 'PATCH',
    path: '/api/v1/workspaces/{id}',
    auth: 'api-key',
    summary: 'Change the name or the slug of a workspace.',
    body: UpdateWorkspace,
    responses: { 200: OneWorkspace },
    errors: ['NO_UPDATES', 'DUPLICATE'],
  }),
  delete: endpoint('workspaces.delete', {
    method: 'DELETE',
    path: '/api/v1/workspaces/{id}',
    auth: 'api-key',
    summary: 'Delete a workspace and what it holds; connections of the organization stay.',
    responses: { 200: Deleted },
    errors: [],
  }),
}
