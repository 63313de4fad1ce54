using System.Text;
using ProxylessMesh.Client.LoadBalancing;

namespace ProxylessMesh.Client.Tests.LoadBalancing;

/// <summary>Values that the xxHash project and Envoy publish.</summary>
public sealed class Xxh64Tests
{
    [Theory]
    [InlineData("", 0, 0xEF46DB3751D8E999)]
    [InlineData("a", 0, 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0, 0x44BC2CF5AD770999)]
    [InlineData("foo", 0, 3728699739546630719)]
    [InlineData("bar", 0, 5234164152756840025)]
    [InlineData("Nobody inspects the spammish repetition", 0, 0xFBCEA83C8A378BF1)]
    [InlineData("xxhash", 20141025, 0xB559B98D844E0635)]
    public void PublishedValues(string text, ulong seed, ulong expected) => Assert.Equal(expected, Xxh64.Hash(text, seed));

    [Fact]
    public void TextIsHashedAsUtf8WhateverItsLength()
    {
        for (var length = 0; length < 2000; length += 13)
        {
            var text = new string('é', length);
            Assert.Equal(Xxh64.Hash(Encoding.UTF8.GetBytes(text)), Xxh64.Hash(text));
        }
    }
}
