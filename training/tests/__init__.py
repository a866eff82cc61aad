"""Tests of the training: python3 -m unittest discover -t . -s training/tests"""
