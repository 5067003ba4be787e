/** An object that answers most questions itself, and can make what it stands for. */
interface StandIn<Platform> {
  readonly whole: Platform
}

/** Everything that a class and those it extends have: on workerd, Request and Response share the methods of a body. */
function membersOf(prototype: object): [string | symbol, PropertyDescriptor][] {
  const above = Object.getPrototypeOf(prototype) as object | null
  // Not compared with Object.prototype: in Jest the platform's classes extend that of another realm
  if (above === null) return []
  const own = Object.getOwnPropertyDescriptors(prototype) as Record<string | symbol, PropertyDescriptor>
  const members = Reflect.ownKeys(own).map(
    (name) => [name, own[name]] as [string | symbol, PropertyDescriptor],
  )
  return [...members, ...membersOf(above)]
}

/**
 * Lets the objects of a class pass for those of a class of the platform, such as Response: they are instances of it, and
 * what they do not have themselves is asked of the platform's own object, which is made when that happens first.
 */
export function standInFor<Platform extends object>(
  standIns: { readonly prototype: StandIn<Platform> },
  platform: { readonly prototype: Platform },
): void {
  for (const [name, { value }] of membersOf(platform.prototype)) {
    // Its name is that of a stand-in, too
    if (Object.hasOwn(standIns.prototype, name) || name === Symbol.toStringTag) continue
    const method: PropertyDescriptor & ThisType<StandIn<Platform>> = {
      value(...given: unknown[]): unknown {
        return Reflect.apply(value as () => unknown, this.whole, given)
      },
    }
    const property: PropertyDescriptor & ThisType<StandIn<Platform>> = {
      get() {
        return Reflect.get(this.whole, name) as unknown
      },
    }
    Object.defineProperty(standIns.prototype, name, typeof value === 'function' ? method : property)
  }
  // Of their class nobody shall know: whoever makes another one makes the platform's
  Reflect.deleteProperty(standIns.prototype, 'constructor')
  Object.setPrototypeOf(standIns.prototype, platform.prototype)
}
