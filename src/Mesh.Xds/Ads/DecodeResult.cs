using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// A decoded resource, or what is wrong with it: each error begins with the path of the field
/// (<c>virtual_hosts[0].routes[2].match: ...</c>). <paramref name="Name"/> is null when the bytes could not be read that far.
/// </summary>
internal sealed record DecodeResult<T>(string? Name, T? Value, EquatableArray<string> Errors)
    where T : class
{
    public static DecodeResult<T> Ok(string name, T value) => new(name, value, []);

    public static DecodeResult<T> Failed(string? name, IEnumerable<string> errors) => new(name, null, errors.ToEquatableArray());
}
