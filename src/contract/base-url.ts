/** Where Weavz is when nobody says otherwise. */
export const defaultBaseUrl = 'https://api.weavz.io'
