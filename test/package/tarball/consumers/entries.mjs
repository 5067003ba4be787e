import * as browser from '@weavz/sdk/browser'
import * as matchers from '@weavz/sdk/mock/matchers'
import * as mock from '@weavz/sdk/mock'
import * as resolver from '@weavz/sdk/resolver'
import * as sdk from '@weavz/sdk'
import * as vault from '@weavz/sdk/vault'

/** Every entry that runs everywhere. */
export const entries = { browser, matchers, mock, resolver, sdk, vault }
